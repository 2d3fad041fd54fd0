import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as LambdaFunction, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { type Bundle, functionCode } from './function-code.ts';

export interface OwnFunctionProps {
  readonly bundle: Bundle;
  readonly description: string;
  readonly timeout: Duration;
  readonly logRetention: RetentionDays;
  readonly environment: Readonly<Record<string, string>>;
  /** @default - as AWS Lambda does, twice */
  readonly retryAttempts?: number;
}

/**
 * One of the functions of the stack, with a role of its own instead of a managed policy: it may write to its own log and to no
 * other. Its `ids` are part of the contract.
 */
export function ownFunction(
  scope: Construct,
  { bundle, logRetention, ...settings }: OwnFunctionProps,
  ids = { log: 'Log', role: 'Role', function: 'Function' },
): { readonly function: LambdaFunction; readonly role: Role } {
  const logGroup = new LogGroup(scope, ids.log, {
    retention: logRetention,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const role = new Role(scope, ids.role, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  logGroup.grantWrite(role);
  return {
    role,
    function: new LambdaFunction(scope, ids.function, {
      ...settings,
      code: functionCode(bundle),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      // More memory brings more CPU: at 512 MB a function starts in about the time of one call to AWS.
      memorySize: 512,
      loggingFormat: LoggingFormat.JSON,
      logGroup,
      role,
    }),
  };
}
