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
export {
  NODE,
  nodeConfig,
  openNode,
  openStoreNode,
  provideNode,
  storeConfig,
  type Node,
  type NodeConfig,
  type StoreNode,
} from './node.js';
export type { Work } from './work.js';
