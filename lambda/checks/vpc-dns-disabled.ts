import { command } from '../command.ts';
import { defineNetworkCheck } from './network-check.ts';
import { vpcGuide } from './sources.ts';
import { typescript } from './typescript.ts';

/** The Amazon DNS server and the private names of endpoints need both DNS attributes of the VPC. */
export default defineNetworkCheck({
  id: 'vpc-dns-disabled',
  cause: 'DNS is turned off in the VPC',
  source: vpcGuide('DNS attributes for your VPC', 'vpc-dns.html#vpc-dns-support'),

  fixes: ([{ hop }], { task }) => {
    const attribute = hop.because.includes('enableDnsHostnames')
      ? 'enable-dns-hostnames'
      : 'enable-dns-support';
    return [
      {
        do: `Turn on ${hop.because.includes('enableDnsHostnames') ? '`enableDnsHostnames`' : '`enableDnsSupport`'} of \`${hop.at}\``,
        cli: command`aws ec2 modify-vpc-attribute --region ${task.region} --vpc-id ${hop.at} --${attribute}`,
        cdk: typescript`new ec2.Vpc(this, 'Vpc', { enableDnsSupport: true, enableDnsHostnames: true })`,
      },
    ];
  },
});
