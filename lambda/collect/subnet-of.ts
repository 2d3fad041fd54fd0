import type { Subnet as AwsSubnet } from '@aws-sdk/client-ec2';
import type { Subnet } from '../model/facts.ts';

/** The fields of a subnet that checks use. */
export const subnetOf = (subnet: AwsSubnet): readonly Subnet[] =>
  subnet.SubnetId && subnet.VpcId
    ? [
        {
          subnetId: subnet.SubnetId,
          vpcId: subnet.VpcId,
          ownerId: subnet.OwnerId ?? null,
          availabilityZone: subnet.AvailabilityZone ?? null,
          cidrBlock: subnet.CidrBlock ?? null,
          ipv6Native: subnet.Ipv6Native ?? false,
          ...(subnet.EnableDns64 && { dns64: true }),
          internetGatewayBlockMode: subnet.BlockPublicAccessStates?.InternetGatewayBlockMode ?? 'off',
        },
      ]
    : [];
