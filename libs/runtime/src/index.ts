// What every app's process needs, whatever its party: a checked config, a log that cannot name a person, metrics,
// health, and a start and an end.
export { readConfig, checkConfig, type ConfigReading } from './config.js';
export { path, secretFile } from './config-path.js';
export { printFaults, type ConfigFault } from './config-fault.js';
export { loggable, type Loggable, type LoggableText } from './loggable.js';
export { LOG, openLog, type EventName, type Log, type LogFields, type LogOptions } from './log.js';
export { NestLogger } from './nest-logger.js';
export { METRICS, openMetrics, type Count, type Metrics, type Observation, type Reading } from './metrics.js';
export { READINESS, type Condition, type ReadinessCheck } from './readiness.js';
export { HealthController } from './health.controller.js';
export { openApp, type AppOptions, type Closer, type RootModule, type RunningApp } from './open-app.js';
export { CannotStart, endOnFault, orCannotStart } from './end-on-fault.js';
export { startApp } from './start.js';
export { amiss, lookAt, lookAtAll, unknown, well } from './wellness/check.js';
export type { Check, Checked, CheckState, Found } from './wellness/check.js';
export { checkClock, clockCheck, judgeSkew, type Clocks } from './wellness/clock.js';
export { checkDisk, diskCheck, judgeRoom } from './wellness/disk.js';
export { addressOf, greetingOf, type Greeting } from './wellness/greeting.js';
export { checkKeyFiles, keyFilesCheck } from './wellness/key-files.js';
export { checkNames, namesCheck } from './wellness/names.js';
export { watchWellness, type Wellness } from './wellness/watch.js';
