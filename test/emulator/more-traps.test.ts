import { describeTraps } from './describe-traps.ts';
import { moreTraps } from './more-traps.ts';

describeTraps(moreTraps);
