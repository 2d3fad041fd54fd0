import { CallFailed } from '../aws/call-failed.ts';
import type { Unknown } from '../model/facts.ts';
import { answered } from './answered.ts';
import { defineCollector } from './define.ts';

const gone: Unknown = {
  status: 'unknown',
  why: 'gone',
  action: 'ec2:DescribeInstances',
  error: 'InvalidInstanceID.NotFound',
};

/** The EC2 instance. Docker runs on it, so a pull leaves through its primary interface, in awsvpc mode too. */
export default defineCollector({
  fact: 'instance',
  needs: ['task', 'containerInstance'],

  async collect({ task, containerInstance }, read) {
    if (!containerInstance?.ec2InstanceId?.startsWith('i-') || task.launchType === 'EXTERNAL') return null;
    try {
      const { Reservations } = await read('ec2:DescribeInstances', {
        InstanceIds: [containerInstance.ec2InstanceId],
      });
      const instance = answered('ec2:DescribeInstances', Reservations)[0]?.Instances?.[0];
      const primary = instance?.NetworkInterfaces?.find(({ Attachment }) => Attachment?.DeviceIndex === 0);
      const groups = primary?.Groups ?? instance?.SecurityGroups;
      // A terminated instance is still listed for an hour, without its network.
      if (!instance?.InstanceId || !instance.VpcId || !instance.SubnetId || !groups) return gone;
      return {
        instanceId: instance.InstanceId,
        vpcId: instance.VpcId,
        subnetId: primary?.SubnetId ?? instance.SubnetId,
        securityGroupIds: groups.flatMap(({ GroupId }) => (GroupId ? [GroupId] : [])),
        privateIpAddress: primary?.PrivateIpAddress ?? instance.PrivateIpAddress ?? null,
        publicIpAddress: primary?.Association?.PublicIp ?? instance.PublicIpAddress ?? null,
        instanceProfileArn: instance.IamInstanceProfile?.Arn ?? null,
      };
    } catch (error) {
      if (error instanceof CallFailed && error.code === 'InvalidInstanceID.NotFound') return gone;
      throw error;
    }
  },
});
