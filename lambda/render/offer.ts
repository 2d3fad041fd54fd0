import { words } from '../command.ts';
import type { Offer } from '../model/remediation.ts';
import { tame } from './hostile-text.ts';
import type { Block } from './outline.ts';

/** What would be changed, whom it touches, and how it comes to be applied. */
export function offerBlocks({ plan, approval }: Offer): readonly Block[] {
  const { id, steps, touches, costs, leaves, expiresAt, clusterArn, group } = plan;
  const service = /^service:(.+)$/.exec(group ?? '')?.[1];
  const cluster = clusterArn.split('/').at(-1) ?? '';
  return [
    {
      kind: 'heading',
      text: approval === 'automatic' ? 'This is being put right now' : 'This can be put right for you',
    },
    {
      kind: 'list',
      about: 'evidence',
      items: [
        ...steps.map(({ does }) => tame(does, 400)),
        ...touches.map((whom) => `Touches: ${tame(whom, 400)}`),
        `Costs: ${costs ?? 'nothing'}`,
        ...leaves.map((cause) => `Still there afterwards: ${tame(cause, 200)}`),
        approval === 'automatic'
          ? `Plan \`${id}\` is applied by itself if what it changes has the tag \`ecs-pull-doctor:remediation\` = \`allow\`, by which its owner consents; a message says how it ended`
          : `Plan \`${id}\` waits for approval until ${expiresAt}; AWS Systems Manager sends the approvers a message. What it changes must have the tag \`ecs-pull-doctor:remediation\` = \`allow\`, by which its owner consents`,
        ...(approval === 'person' && service !== undefined
          ? [
              `Or with your own credentials: \`${words`ecs-pull-doctor remediate --cluster ${tame(cluster, 300)} --service ${tame(service, 300)} --apply --plan ${id}`}\``,
            ]
          : []),
      ],
    },
  ];
}
