// Carries declared messages over NATS: signed, sealed, durable, handled once.
export { openCourier, openStoreCourier, type Courier, type CourierOptions, type StoreCourier } from './courier.js';
export { eraseOnTime, type Erase } from './erasing.js';
export { firstOfEach, gather, TOGETHER } from './gather.js';
export { NotYet } from './not-yet.js';
export { CheckpointController } from './witnessing/checkpoint.controller.js';
export { receive } from './receive.js';
export { brokerConfig, type BrokerPlace } from './broker/broker-config.js';
export { planBroker, type BrokerPlan } from './broker/broker-plan.js';
export { provision } from './broker/provision.js';
export type { Addressed, Self } from './parcel.js';
export { NODE, openNode, openStoreNode, provideNode, type Node, type StoreNode } from './node.js';
export { nodeConfig, storeConfig, type NodeConfig, type NodeStoreConfig } from './node-config.js';
export { brokerCheck, findBroker } from './wellness/check-broker.js';
export { lastQueryCheck, storeCheck } from './wellness/check-store.js';
export { nodeChecks } from './wellness/node-checks.js';
export { doctor, hostIn, type Examined } from './wellness/doctor.js';
export type { Work } from './work.js';
