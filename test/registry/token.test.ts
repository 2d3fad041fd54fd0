import { expect, test } from '@jest/globals';
import { tokenIn } from '../../lambda/registry/token.ts';
import { anonymousToken } from './stand-in.ts';

test.each([
  ['token', { token: anonymousToken, expires_in: 300 }],
  ['access_token', { access_token: anonymousToken }],
  ['both', { token: anonymousToken, access_token: 'other' }],
  ['access_token beside null', { token: null, access_token: anonymousToken }],
])('a token is read from %s', (_, body) => {
  expect(tokenIn(JSON.stringify(body))).toBe(anonymousToken);
});

test.each([
  ['a number', '{"token":5}'],
  ['an object', '{"token":{"toString":"x"}}'],
  ['a list', '{"token":["x"]}'],
  ['true', '{"token":true}'],
  ['empty', '{"token":""}'],
  ['a line end', '{"token":"x\\r\\nX-Evil: 1"}'],
  ['a line feed last', '{"token":"x\\n"}'],
  ['a space', '{"token":"x y"}'],
  ['a NUL', '{"token":"x\\u0000"}'],
  ['a letter of another alphabet', '{"token":"ж"}'],
  ['a comma', '{"token":"x,Basic y"}'],
  ['1 MB', `{"token":"${'x'.repeat(1_000_000)}"}`],
  ['one character too many', `{"token":"${'x'.repeat(16_385)}"}`],
])('a token that is %s is none', (_, body) => {
  expect(tokenIn(body)).toBeNull();
});

test.each([
  ['nothing', ''],
  ['a web page', '<!doctype html><title>Sign in</title>'],
  ['a list', '[]'],
  ['null', 'null'],
  ['a text', '"token"'],
  ['half an object', '{"token":"x'],
  ['an inherited token', '{"__proto__":{"token":"x"}}'],
  ['30,000 brackets', '['.repeat(30_000)],
  ['a gzip header', '\u001f\u008b\u0008\u0000'],
])('%s holds no token', (_, body) => {
  expect(tokenIn(body)).toBeNull();
});
