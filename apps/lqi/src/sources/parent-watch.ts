// Runs as a thread of a killable child: kills the process when its parent is gone, however busy it is.
import { parentVariable } from './parent-variable.js';

// Not the parent that it has now: that may have gone before this thread began.
const parent = Number(process.env[parentVariable]);
setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
}, 500);
