/** How names differ between the partitions of AWS. */
interface Partition {
  /** The end of host names. */
  readonly suffix: string;
  /** The end of dual-stack host names, after `on.` or `api.`. */
  readonly dualStackSuffix: string;
  /** The beginning of the names of the endpoint services of Amazon ECR. */
  readonly ecrEndpointPrefix: string;
}

const standard = {
  suffix: 'amazonaws.com',
  dualStackSuffix: 'aws',
  ecrEndpointPrefix: 'com.amazonaws',
} as const;

/** By the beginning of the Region's name. https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/aws-ec2/lib/vpc-endpoint.ts */
const others: readonly (readonly [string, Partition])[] = [
  [
    'cn-',
    {
      suffix: 'amazonaws.com.cn',
      dualStackSuffix: 'amazonwebservices.com.cn',
      ecrEndpointPrefix: 'cn.com.amazonaws',
    },
  ],
  ['eusc-', { ...standard, suffix: 'amazonaws.eu', ecrEndpointPrefix: 'eu.amazonaws' }],
  ['us-iso-', { ...standard, suffix: 'c2s.ic.gov', ecrEndpointPrefix: 'gov.ic.c2s' }],
  ['us-isob-', { ...standard, suffix: 'sc2s.sgov.gov', ecrEndpointPrefix: 'gov.sgov.sc2s' }],
  ['us-isof-', { ...standard, suffix: 'csp.hci.ic.gov', ecrEndpointPrefix: 'gov.ic.hci.csp' }],
  ['eu-isoe-', { ...standard, suffix: 'cloud.adc-e.uk', ecrEndpointPrefix: 'uk.adc-e.cloud' }],
];

/** The names of the partition that a Region belongs to. */
export const partitionOf = (region: string): Partition =>
  others.find(([beginning]) => region.startsWith(beginning))?.[1] ?? standard;
