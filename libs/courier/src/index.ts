// Carries declared messages over NATS: signed, sealed, durable, handled once.
export { openCourier, openStoreCourier, type Courier, type CourierOptions, type StoreCourier } from './courier.js';
export { CourierStrategy } from './strategy.js';
export { KeepFaults } from './keep-faults.js';
export type { Addressed, Self } from './parcel.js';
export {
  NODE,
  nodeConfig,
  openNode,
  openStoreNode,
  storeConfig,
  type Node,
  type NodeConfig,
  type StoreNode,
} from './node.js';
export type { Work } from './work.js';
