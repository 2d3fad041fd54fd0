import { snapshotNames } from '../support/snapshots.ts';
import { mustBeSound } from './sound.ts';

mustBeSound(snapshotNames.filter((name) => name.startsWith('healthy-')));
