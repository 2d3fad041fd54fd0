/** The change that adds an endpoint to a network, as a recipe has it. */
export const endpoint = (id: string, options = {}) =>
  [
    'endpoint',
    {
      id,
      serviceRegion: 'eu-west-1',
      state: 'available',
      privateDnsEnabled: true,
      inboundOnly: false,
      subnetIds: ['subnet-0other'],
      securityGroupIds: ['sg-0endpoints'],
      routeTableIds: ['rtb-0task'],
      policy: null,
      ...options,
    },
  ] as const;
