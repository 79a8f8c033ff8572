// Runs as a thread of a killable child: kills the process when its parent is gone, however busy it is.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
}, 500);
