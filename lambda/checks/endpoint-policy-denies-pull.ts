import { command, words } from '../command.ts';
import type { Check, Outcome } from '../model/check.ts';
import type { Step } from '../model/facts.ts';
import type { Path } from '../model/network.ts';
import { allowanceFor, requestsAt } from '../network/endpoint-policy.ts';
import { knownValue } from '../network/hop.ts';
import { defineCheck, found } from './define.ts';
import { defineNetworkCheck } from './network-check.ts';
import { policyFix } from './policy-fix.ts';
import { ecrEndpointsPage } from './sources.ts';
import { typescript } from './typescript.ts';

const ofHops: Check = defineNetworkCheck({
  id: 'endpoint-policy-denies-pull',
  cause: 'The policy of a VPC endpoint does not allow the pull',
  source: ecrEndpointsPage(
    'Create an endpoint policy for your Amazon ECR VPC endpoints',
    '#ecr-vpc-endpoint-policy',
  ),

  uses: ['images', 'taskDefinition', 'pullingRole', 'vpcEndpoints', 'subnets'],

  fixes: (endings, { task }, { vpcEndpoints, subnets, ...facts }) =>
    [...new Set(endings.map(({ hop }) => hop.at))].flatMap((id) => {
      const paths = endings.flatMap(({ hop, path }) => (hop.at === id ? [path] : []));
      const endpoint = knownValue(vpcEndpoints)?.find(({ vpcEndpointId }) => vpcEndpointId === id);
      const subnet = knownValue(subnets)?.find(({ subnetId }) => subnetId === paths[0]?.subnetId);
      if (!endpoint || !subnet) return [];
      const asker = { ...facts, task: { status: 'known' as const, value: task } };
      // One endpoint serves several hosts: the registries of two accounts.
      const hosts = [...new Map(paths.map(({ destination }) => [destination.host, destination])).values()];
      const requests = hosts.flatMap((one) => requestsAt(endpoint, one, asker, subnet.vpcId));
      const ofEndpoint = words`--region ${task.region} --vpc-endpoint-id`;
      const allowance = allowanceFor(requests);
      const fix = policyFix({
        name: `the policy of \`${id}\``,
        to: allowance.Principal === '*' ? 'everybody' : 'the pulling role',
        policy: endpoint.policy,
        allowance,
        requests,
        read: command`aws ec2 describe-vpc-endpoints ${ofEndpoint}s ${id} --query 'VpcEndpoints[0].PolicyDocument' --output text`,
        write: words`aws ec2 modify-vpc-endpoint ${ofEndpoint} ${id} --policy-document`,
        cdk: (statement) => typescript`endpoint.addToPolicy(iam.PolicyStatement.fromJson(${statement}))`,
      });
      return [
        hosts.some(({ service }) => service === 's3') ? { ...fix, do: `${fix.do}. ${signedByEcr}` } : fix,
      ];
    }),
});

const signedByEcr =
  'Layers are fetched by URLs that Amazon ECR has signed: conditions on your own organization or account shut them out';

/** An endpoint may let only some callers, actions or resources through; its policy counts beside those of role and repository. */
export default defineCheck({
  id: ofHops.id,
  cause: ofHops.cause,
  source: ofHops.source,
  needs: ['pullError', 'task', 'images', 'placement', 'subnets', 'paths'],
  uses: ['images', 'taskDefinition', 'pullingRole', 'vpcEndpoints', 'subnets'],

  examine(facts, uses) {
    const { deniedBy, deniedAction, step, host } = facts.pullError;
    const outcome = toHost(ofHops.examine(facts as never, uses as never), facts.paths, { step, host });
    if (outcome.status === 'found' || deniedBy !== 'VPC endpoint policy' || !deniedAction) return outcome;
    const closes: readonly Step[] = step ? [step] : ['token', 'manifest', 'layers'];
    // The text itself proves it, whatever could be seen of the endpoints.
    return found('proven', {
      evidence: [`AWS refused \`${deniedAction}\` because no VPC endpoint policy allows it`],
      // Of the endpoint for the call that was refused, not of those beside it.
      resources: facts.paths
        .filter(
          ({ destination }) =>
            closes.includes(destination.step) &&
            (step !== 'secrets' || destination.service === deniedAction.split(':')[0]),
        )
        .flatMap(({ hops }) => hops.flatMap((hop) => (hop.is === 'endpoint policy' ? [hop.at] : [])))
        .slice(0, 3),
      closes,
      fixes: [{ do: `Allow \`${deniedAction}\` to the pulling role in the policy of the VPC endpoint` }],
    });
  },
});

/** Where layers are is asked of the registry too: what its endpoint refuses ends the step whose request went to it. */
function toHost(
  outcome: Outcome,
  paths: readonly Path[],
  { step, host }: { readonly step: Step | null; readonly host: string | undefined },
): Outcome {
  if (outcome.status !== 'found' || !step || outcome.closes.includes(step)) return outcome;
  const isRefused = paths.some(
    ({ destination, hops }) =>
      destination.host === host &&
      hops.some(({ check, verdict }) => check === ofHops.id && verdict === 'closed'),
  );
  return isRefused ? { ...outcome, closes: [...outcome.closes, step] } : outcome;
}
