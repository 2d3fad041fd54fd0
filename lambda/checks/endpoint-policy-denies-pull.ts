import type { Check } from '../model/check.ts';
import type { Step } from '../model/facts.ts';
import { defineCheck, found } from './define.ts';
import { defineNetworkCheck } from './network-check.ts';
import { ecrEndpointsPage } from './sources.ts';

const ofHops: Check = defineNetworkCheck({
  id: 'endpoint-policy-denies-pull',
  cause: 'The policy of a VPC endpoint does not allow the pull',
  source: ecrEndpointsPage(
    'Create an endpoint policy for your Amazon ECR VPC endpoints',
    '#ecr-vpc-endpoint-policy',
  ),

  fixes: (endings, { task }) =>
    [...new Map(endings.map(({ hop, path }) => [hop.at, path])).entries()].map(
      ([endpoint, { destination }]) =>
        destination.service === 's3'
          ? {
              do: `Allow \`s3:GetObject\` on the layer bucket for everybody in the policy of \`${endpoint}\`, without conditions on your organisation or account: the layers are fetched by URLs that Amazon ECR has signed`,
              cli: `aws ec2 modify-vpc-endpoint --region ${task.region} --vpc-endpoint-id ${endpoint} --policy-document '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:${task.taskArn.split(':')[1]}:s3:::prod-${destination.region}-starport-layer-bucket/*"}]}'`,
              cdk: `endpoint.addToPolicy(new iam.PolicyStatement({ principals: [new iam.AnyPrincipal()], actions: ['s3:GetObject'], resources: ['arn:aws:s3:::prod-${destination.region}-starport-layer-bucket/*'] }))`,
            }
          : {
              do: `Allow \`ecr:GetAuthorizationToken\`, \`ecr:BatchGetImage\` and \`ecr:GetDownloadUrlForLayer\` to the pulling role in the policy of \`${endpoint}\``,
              cli: `aws ec2 modify-vpc-endpoint --region ${task.region} --vpc-endpoint-id ${endpoint} --reset-policy`,
              cdk: "endpoint.addToPolicy(new iam.PolicyStatement({ principals: [new iam.AnyPrincipal()], actions: ['ecr:GetAuthorizationToken', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'], resources: ['*'] }))",
            },
    ),
});

/** An endpoint may let only some callers, actions or resources through; its policy counts beside those of role and repository. */
export default defineCheck({
  id: ofHops.id,
  cause: ofHops.cause,
  source: ofHops.source,
  needs: ['pullError', 'task', 'images', 'placement', 'subnets', 'paths'],

  examine(facts) {
    const outcome = ofHops.examine(facts as never, {} as never);
    const { deniedBy, deniedAction, step } = facts.pullError;
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
