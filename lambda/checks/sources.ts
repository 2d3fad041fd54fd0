import type { Source } from '../model/check.ts';

export { cannotPullPage, resourceInitializationPage } from '../error-text/sources.ts';

const page =
  (title: string, base: string) =>
  (section: string, path = ''): Source => ({ title, section, url: `${base}${path}` });

/** "Verifying Amazon ECS stopped task connectivity". */
export const connectivityPage = page(
  'Verifying Amazon ECS stopped task connectivity',
  'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/verify-connectivity.html',
);
export const fargateNetworking = page(
  'Amazon ECS task networking options for Fargate',
  'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-networking.html',
);
export const ecrEndpointsPage = page(
  'Amazon ECR interface VPC endpoints (AWS PrivateLink)',
  'https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html',
);
export const privateLinkPage = page(
  'Access an AWS service using an interface VPC endpoint',
  'https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html',
);
export const vpcGuide = page('Amazon VPC User Guide', 'https://docs.aws.amazon.com/vpc/latest/userguide/');
export const executionRolePage = page(
  'Amazon ECS task execution IAM role',
  'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html',
);
export const ecrGuide = page(
  'Amazon ECR User Guide',
  'https://docs.aws.amazon.com/AmazonECR/latest/userguide/',
);
export const ecsGuide = page(
  'Amazon ECS Developer Guide',
  'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/',
);
export const iamGuide = page('AWS IAM User Guide', 'https://docs.aws.amazon.com/IAM/latest/UserGuide/');
