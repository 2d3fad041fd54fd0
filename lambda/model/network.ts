import type { Step } from './facts.ts';

/** A host that a pull connects to on port 443. */
export interface Destination {
  readonly host: string;
  readonly step: Step;
  /** The AWS service behind it: the end of an endpoint service name, e.g. `ecr.dkr`; `null` outside AWS. */
  readonly service: string | null;
  readonly region: string | null;
}

export type HopKind =
  | 'address family'
  | 'name resolution'
  | 'security group'
  | 'network ACL'
  | 'route table'
  | 'NAT gateway'
  | 'NAT instance'
  | 'internet gateway'
  | 'public IP address'
  | 'VPC endpoint'
  | 'endpoint security group'
  | 'endpoint policy'
  | 'elsewhere';

/** One thing on the way of a packet, and whether the packet gets through. */
export interface Hop {
  /** Id of the resource. */
  readonly at: string;
  readonly is: HopKind;
  readonly verdict: 'open' | 'closed' | 'unknown';
  readonly because: string;
  /** The check that speaks for this hop. */
  readonly check: string;
  /** A closed hop is *likely* where something that we cannot see decides. */
  readonly certainty: 'proven' | 'likely';
  /** The culprit first. */
  readonly resources: readonly string[];
  /**
   * What a network ACL or the groups of a NAT instance were asked: TCP packets of the connection in this direction, to these ports; and
   * the number of the rule of an ACL that denies. Where the verdict is not known, some of the ports are closed.
   */
  readonly traffic?: {
    readonly direction: 'in' | 'out';
    readonly ports: readonly [number, number];
    readonly rule?: number;
  };
  /** Id of what the table of a NAT gateway or instance leads its packets to, where that gives no way on. */
  readonly ledTo?: string;
  /** Ids of checks whose hops may lie behind this one, which could not be walked on from. */
  readonly hides?: readonly string[];
  /** Whom to ask what, for an unknown hop. */
  readonly ask?: string;
}

/** The way from one subnet to one destination, hop by hop, up to the first closed one and what lies behind it. */
export interface Path {
  readonly destination: Destination;
  readonly subnetId: string;
  /** What the name of the destination resolves to: the addresses of an endpoint, or public ones. */
  readonly addresses: 'private' | 'public' | 'unknown';
  readonly hops: readonly Hop[];
}

/** Changes to the network that were tried on the model: the paths were walked again with them. */
export interface Mending {
  /** In the order in which a packet meets what they change. */
  readonly changes: readonly { readonly check: string; readonly does: string; readonly costs?: string }[];
  /** Whether every connection that the pull needs is open with them. */
  readonly opens: boolean;
  /** Nothing that can be seen is closed with them; they open the way unless what could not be seen closes it. */
  readonly unseen?: true;
}
