import type { CollectedFacts, FactName, Facts, Known, PullError, Step, Unknown } from './facts.ts';
import type { Path } from './network.ts';

/** A fact that a check was refused, and why. */
export interface MissingFact extends Omit<Unknown, 'status'> {
  readonly fact: FactName;
}

/** A page and section that documents something. */
export interface Source {
  readonly title: string;
  readonly section: string;
  readonly url: string;
}

/** An error text, where it is attested, and what it has meant. */
export interface Symptom {
  readonly id: string;
  readonly pattern: RegExp;
  /** A message of this kind; tests prove that the pattern matches it. */
  readonly example: string;
  readonly attestedBy: Source;
  /** The connection that fails with this text; `null` where it does not say. */
  readonly step: Step | null;
  /** Says only that the pull failed: it leaves open why. */
  readonly umbrella?: true;
  /** Ids of checks, the likeliest cause first. What a check explains is computed from this list. */
  readonly candidates: readonly string[];
}

/** What is computed from the collected facts, once, before any check runs. It is never saved. */
export interface DerivedFacts {
  /** What the error text says. */
  readonly pullError: PullError;
  /** Where each connection of the pull gets to. */
  readonly paths: readonly Path[];
}

/** What checks are given. */
export type CheckFacts = Facts & DerivedFacts;
export type CheckFactName = keyof CheckFacts;
export type CheckSnapshot = CollectedFacts & { readonly [N in keyof DerivedFacts]: Known<DerivedFacts[N]> };

/** One documented cause, and how to tell whether it is present. */
export interface Check<N extends CheckFactName = CheckFactName, U extends FactName = FactName> {
  /** Kebab-case; also the name of its file and of its page. A contract. */
  readonly id: string;
  /** The cause as a sentence an operator would say, at most 60 characters. */
  readonly cause: string;
  readonly source: Source;
  /** Facts without which the check cannot speak: if one is unknown it is inconclusive and never runs. */
  readonly needs: readonly N[];
  /** Facts handed over as they are, known or unknown. */
  readonly uses?: readonly U[];
  // A method on purpose: TypeScript compares method parameters both ways, so checks with different needs share one list.
  examine(facts: Pick<CheckFacts, N>, uses: Pick<CollectedFacts, U>): Outcome;
}

/** One way out: what to do and, where that helps, how. */
export interface Fix {
  readonly do: string;
  /** Another way to the same end: what stands before it is enough without it. */
  readonly alternative?: true;
  /** AWS CLI. */
  readonly cli?: Command;
  /** AWS CDK, TypeScript. */
  readonly cdk?: CdkCode;
}

/** A command line in which every value is quoted: `lambda/command.ts` makes it. */
export type Command = string & { readonly [quoted]: 'shell' };

/** Code in which every value is a literal: `lambda/checks/typescript.ts` makes it. */
export type CdkCode = string & { readonly [quoted]: 'typescript' };

declare const quoted: unique symbol;

export interface Found {
  readonly status: 'found';
  readonly certainty: 'proven' | 'likely';
  /** Sentences of fact; each names its thing in backticks. */
  readonly evidence: readonly string[];
  /** Ids or ARNs, the culprit first. */
  readonly resources: readonly string[];
  readonly fixes: readonly Fix[];
  /** The connections it stops. */
  readonly closes: readonly Step[];
  /** Which dialled address fits: that of an endpoint, or a public one. Absent: either. */
  readonly addresses?: 'private' | 'public';
  /** Position of the closed hop in the order in which a packet meets them. Network checks only. */
  readonly hop?: number;
}

/** What a check concludes. */
export type Outcome =
  | Found
  | {
      readonly status: 'undecided';
      readonly because: string;
      readonly resources: readonly string[];
      readonly ask: string;
    }
  | { readonly status: 'ruled-out'; readonly evidence: readonly string[] }
  | { readonly status: 'not-applicable'; readonly because: string };

/** What is reported for a check: its outcome, or why it has none. */
export type Result =
  | Outcome
  | { readonly status: 'inconclusive'; readonly missing: readonly MissingFact[] }
  | { readonly status: 'crashed'; readonly error: string };
