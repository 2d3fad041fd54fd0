import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Incident, incidents } from '../../bin/demo/index.ts';
import { snapshotOf } from '../../bin/demo/snapshot.ts';
import { diagnose } from '../../lambda/diagnose.ts';
import { html } from '../../lambda/render/html.ts';
import { terminal } from '../../lambda/render/terminal.ts';
import { chatPage } from './chat-page.ts';
import { terminalSvg } from './terminal-svg.ts';

/** A page of which a photograph is taken, in light and in dark colours. */
export interface Photograph {
  readonly name: string;
  readonly page: string;
  readonly width: number;
  /** Shorter than the page: the rest is cut off. */
  readonly height?: number;
}

/** Where the pictures are. */
export const folder = `${__dirname}/../../docs/pictures`;

/** The terminal of the README, drawn from a bundled incident. */
export async function drawing(): Promise<string> {
  const report = terminal(
    { ...diagnose(await snapshotOf(called('layers'))), ruledOut: [] },
    { colour: true, width: 100 },
  );
  return terminalSvg('ecs-pull-doctor diagnose --cluster prod --service web', report, 113);
}

/** What is photographed for the README: the page of a bundled incident, and a golden message. */
export async function photographs(): Promise<readonly Photograph[]> {
  const snapshot = await snapshotOf(called('layers'));
  const message = readFileSync(`${__dirname}/../../test/scenarios/nat-gateway-deleted/chat.json`, 'utf8');
  return [
    { name: 'report', page: html(diagnose(snapshot), snapshot), width: 1180, height: 984 },
    { name: 'slack', page: chatPage(message), width: 820 },
  ];
}

/** Stands in a photograph and says what it was taken of. */
export const noteFor = ({ page, width, height = 0 }: Photograph): string =>
  createHash('sha256').update(`${width}x${height} ${page}`).digest('hex');

function called(name: string): Incident {
  const incident = incidents.find((one) => one.name === name);
  if (!incident) throw new Error(`there is no bundled incident ${name}`);
  return incident;
}
