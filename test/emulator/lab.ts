/** What a world tells of itself that the emulator cannot make; see `settings` in the stand-in. */
export interface LabSettings {
  readonly dnsFirewall?: {
    readonly [vpcId: string]: readonly {
      readonly Action: 'ALLOW' | 'ALERT' | 'BLOCK';
      readonly BlockResponse?: string;
      readonly FirewallDomainRedirectionAction?: string;
      /** Without them the list is one that AWS keeps, and shows to nobody. */
      readonly domains?: readonly string[];
    }[];
  };
  readonly subnetOwners?: Readonly<Record<string, string>>;
  readonly endpointStates?: Readonly<Record<string, string>>;
  readonly organizationDenies?: Readonly<Record<string, readonly string[]>>;
}

export async function tellLab(settings: LabSettings): Promise<void> {
  const { ok } = await fetch(`${process.env['AWS_ENDPOINT_URL']}/stand-in/settings`, {
    method: 'POST',
    body: JSON.stringify(settings),
  });
  if (!ok) throw new Error('the stand-in did not take the settings');
}
