import { endpointFaults } from './endpoint-faults.ts';
import type { Fault } from './fault.ts';
import { imageFaults } from './image-faults.ts';
import { networkFaults } from './network-faults.ts';
import { roleFaults } from './role-faults.ts';

/** Everything that is broken in turn. */
export const faults: readonly Fault[] = [...networkFaults, ...endpointFaults, ...roleFaults, ...imageFaults];
