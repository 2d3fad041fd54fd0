import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Plan, Run } from '../../lambda/model/remediation.ts';
import { bundledProgram } from '../cli/program.ts';
import { stoppedTaskEvent, type TaskEvent } from './event.ts';
import { must } from './must.ts';
import { diagnoseEvent } from './product.ts';
import { cases, settingsOf } from './remediation-cases.ts';
import { registerStoppedTask } from './stopped-task.ts';
import { buildWorld, type World } from './world.ts';

// Each case runs the program four times, and diagnoses three times.
jest.setTimeout(180_000);

let program: ReturnType<typeof bundledProgram>;
beforeAll(() => {
  program = bundledProgram();
});
afterAll(() => program.remove());

describe.each(cases)('$id', ({ id, kind, check, texts, ...acts }) => {
  let world: World;
  let event: TaskEvent;
  let folder: string;

  const cli = (...args: string[]) => program.run(args, { env: process.env });
  const journal = () => join(folder, 'journal.json');
  const remediate = (...args: string[]) =>
    cli('remediate', '--task', String(event.detail['taskArn']), '--journal', journal(), ...args);
  const undo = () => cli('undo', '--journal', journal());
  const written = () => JSON.parse(readFileSync(journal(), 'utf8')) as { plans: Plan[]; runs: Run[] };
  const causes = async () => must(await diagnoseEvent(event)).diagnosis.causes.map((cause) => cause.check.id);

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ecs-pull-doctor-remediate-'));
    world = await buildWorld(kind);
    await acts.break(world);
    const text = must(texts.find(({ worlds }) => worlds.includes(kind)));
    event = stoppedTaskEvent(world, text.of(world));
    await registerStoppedTask(event.detail);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('broken, planned, refused without consent, applied, gone, undone, back', async () => {
    expect(await causes()).toEqual([check]);
    const broken = await settingsOf(world);

    const refused = await remediate('--apply', '--yes');
    expect(refused).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/Refused, nothing is changed: .* does not have the tag/),
    });
    expect(await settingsOf(world)).toEqual(broken);

    await acts.consent(world);
    const shown = await remediate();
    expect(shown).toMatchObject({ code: 0, stdout: expect.stringContaining(`: ${id}`) });
    expect(await settingsOf(world)).toEqual(broken);

    const applied = await remediate('--apply', '--yes', '--plan', must(written().plans[0]).id);
    expect(applied).toMatchObject({ code: 0, stdout: expect.stringContaining(': applied') });
    expect(written().runs).toMatchObject([{ status: 'applied', by: expect.stringMatching(/^arn:aws:/) }]);
    expect(await causes()).toEqual([]);

    expect(await undo()).toMatchObject({ code: 0, stdout: expect.stringContaining(': undone') });
    expect(await settingsOf(world)).toEqual(broken);
    expect(await causes()).toEqual([check]);
  });

  test("somebody else's change in between survives", async () => {
    await acts.consent(world);
    const before = await settingsOf(world);
    expect(await remediate('--apply', '--yes')).toMatchObject({ code: 0 });
    await acts.meddle(world);

    expect(await undo()).toMatchObject({ code: 0 });

    const after = await settingsOf(world);
    expect(after).not.toEqual(before);
    // The same change to the world as it was gives the same: theirs is there, and ours is not.
    const untouched = await buildWorld(kind);
    await acts.break(untouched);
    await acts.meddle(untouched);
    expect(anonymous(after, world)).toEqual(anonymous(await settingsOf(untouched), untouched));
  });
});

/** Two worlds that are the same but for their names. */
function anonymous(settings: unknown, world: World): unknown {
  const names = [
    world.name,
    world.taskGroupId,
    world.endpointGroupId,
    world.taskSubnetId,
    world.otherSubnetId,
  ];
  const text = names.reduce<string>(
    (all, name, index) => (name ? all.replaceAll(name, `<${index}>`) : all),
    JSON.stringify(settings),
  );
  return JSON.parse(text.replace(/sg-[0-9a-f]+/g, '<sg>').replace(/sha256:[0-9a-f]{64}/g, '<digest>'));
}
