import { EC2 } from '@aws-sdk/client-ec2';
import { ECR } from '@aws-sdk/client-ecr';
import { ECS } from '@aws-sdk/client-ecs';
import { IAM } from '@aws-sdk/client-iam';

/** The clients that a world is built with, all of one Region. */
export interface Aws {
  readonly region: string;
  readonly ec2: EC2;
  readonly ecr: ECR;
  readonly ecs: ECS;
  readonly iam: IAM;
}

/** The account in which moto answers. */
export const accountId = '123456789012';

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
  };
  made.set(region, aws);
  return aws;
}
