// Begins the page of a check, docs/checks/<id>.md: npm run new-check -- <id>
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { checks } from '../lambda/checks/index.ts';
import { emptyPage, refusal, renderHead } from './check-page.ts';

const root = `${__dirname}/..`;
const [id] = process.argv.slice(2);
const pages = readdirSync(`${root}/docs/checks`).map((name) => name.replace('.md', ''));
const check = checks.find((one) => one.id === id);
const because = refusal(id, pages);

if (because || !check) {
  console.error(because);
  process.exitCode = 2;
} else {
  const network = readdirSync(`${root}/lambda/network`).map((name) => `lambda/network/${name}`);
  const head = renderHead(check, (file) => readFileSync(`${root}/${file}`, 'utf8'), network);
  writeFileSync(`${root}/docs/checks/${check.id}.md`, emptyPage(head));
  console.log(`docs/checks/${check.id}.md: write its four sections, then run npm test -- -u`);
}
