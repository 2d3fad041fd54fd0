// Stands in for @aws-sdk/middleware-endpoint-discovery and its cache: Amazon DynamoDB asks for it only where it is turned on.
export const resolveEndpointDiscoveryConfig = (config) => config;
export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = {
  environmentVariableSelector: () => undefined,
  configFileSelector: () => undefined,
  default: undefined,
};
