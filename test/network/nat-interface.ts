import type { InstanceInterface } from '../../lambda/model/facts.ts';

/** The interface of a NAT instance in the public subnet, as it must be. */
export const eni: InstanceInterface = {
  networkInterfaceId: 'eni-0nat',
  subnetId: 'subnet-0public',
  sourceDestCheck: false,
  publicIpAddress: '52.0.0.9',
  securityGroupIds: ['sg-0endpoints'],
};
