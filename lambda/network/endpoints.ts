import type { VpcEndpoint } from '../model/facts.ts';
import type { Destination } from '../model/network.ts';
import { partitionOf } from './partition.ts';

/**
 * Whether an endpoint is for the service behind a destination. Only the end of the name is compared: its beginning differs by
 * partition (`com.amazonaws`, `cn.com.amazonaws`, `eu.amazonaws`). Endpoints may serve another Region than their own.
 */
export function serves(
  { serviceName, serviceRegion }: VpcEndpoint,
  { service, region }: Destination,
): boolean {
  if (!region) return false; // it is no service of AWS
  if (serviceName.endsWith(`.${region}.${service}`)) return true;
  return serviceRegion === region && serviceName.endsWith(`.${service}`);
}

export const interfaceEndpointsFor = (
  destination: Destination,
  all: readonly VpcEndpoint[],
): readonly VpcEndpoint[] =>
  all.filter((one) => one.type.toLowerCase() === 'interface' && serves(one, destination));

export const gatewayEndpointsFor = (
  destination: Destination,
  all: readonly VpcEndpoint[],
): readonly VpcEndpoint[] =>
  all.filter((one) => one.type.toLowerCase() === 'gateway' && serves(one, destination));

/** The name of the endpoint service of a destination. https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html */
export function endpointServiceName({ service, region }: Pick<Destination, 'service' | 'region'>): string {
  const prefix = service?.startsWith('ecr') ? partitionOf(region ?? '').ecrEndpointPrefix : 'com.amazonaws';
  return `${prefix}.${region}.${service}`;
}
