import { EC2 } from '@aws-sdk/client-ec2';
import { ECR } from '@aws-sdk/client-ecr';
import { ECS } from '@aws-sdk/client-ecs';
import { IAM } from '@aws-sdk/client-iam';
import { Route53 } from '@aws-sdk/client-route-53';

/** The clients that a world is built with, all of one Region. */
export interface Aws {
  readonly region: string;
  readonly ec2: EC2;
  readonly ecr: ECR;
  readonly ecs: ECS;
  readonly iam: IAM;
  readonly route53: Route53;
}

/** The account in which moto answers. */
export const accountId = '123456789012';

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export const partitionOf = (region: string): 'aws' | 'aws-cn' | 'aws-us-gov' =>
  region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';

const made = new Map<string, Aws>();

/** The clients of a Region. They go to the stand-in, which `AWS_ENDPOINT_URL` names. */
export function awsIn(region: string): Aws {
  // A call that fails here is a fault of the lab: no second try.
  const settings = { region, maxAttempts: 1 };
  const aws = made.get(region) ?? {
    region,
    ec2: new EC2(settings),
    ecr: new ECR(settings),
    ecs: new ECS(settings),
    iam: new IAM(settings),
    route53: new Route53(settings),
  };
  made.set(region, aws);
  return aws;
}
