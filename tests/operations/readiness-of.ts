// What a node answers to its operator's monitoring when that asks whether it is ready.
import type { RunningMesh } from '@anonymesh/founding';
import type { PartyId } from '@anonymesh/protocol';

export interface ReadinessSeen {
  readonly status: number;
  readonly state: string;
  /** The codes of what is failing, by check. */
  readonly failing: Readonly<Record<string, string>>;
}

export async function readinessOf(mesh: RunningMesh, id: PartyId): Promise<ReadinessSeen> {
  const response = await fetch(`${mesh.monitoring(id)}/health/ready`);
  const told = (await response.json()) as { state: string; checks: Record<string, { state: string; code: string }> };
  const failing = Object.entries(told.checks).filter(([, { state }]) => state === 'failing');
  return {
    status: response.status,
    state: told.state,
    failing: Object.fromEntries(failing.map(([name, { code }]) => [name, code])),
  };
}
