export type { Dashboard } from './dashboard.ts';
export { EcsPullDoctor, type EcsPullDoctorProps } from './ecs-pull-doctor.ts';
export { EcsPullDoctorStack, type EcsPullDoctorStackProps } from './ecs-pull-doctor-stack.ts';
export { serviceActionPattern, stoppedTaskPattern } from './event-pattern.ts';
export { readStatement } from './permissions.ts';
export { Remediation } from './remediation.ts';
