// What the API of a holder's node says, for the node that serves it and the command line that calls it.
export {
  approvalList,
  approvalView,
  decision,
  type ApprovalList,
  type ApprovalView,
  type Decision,
  type WaitingQueryView,
} from './approvals.js';
export { heldAbout, type HeldAbout } from './held.js';
