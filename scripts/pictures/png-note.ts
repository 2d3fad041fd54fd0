import { crc32 } from 'node:zlib';

const signature = 8;
const keyword = 'Source';

/** A PNG with a text in it that viewers do not show. https://www.w3.org/TR/png-3/#11tEXt */
export function withNote(png: Buffer, note: string): Buffer {
  const body = Buffer.concat([Buffer.from('tEXt'), Buffer.from(`${keyword}\0${note}`, 'latin1')]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length - 4);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  // Behind the header, which must come first.
  const behind = signature + 12 + png.readUInt32BE(signature);
  return Buffer.concat([png.subarray(0, behind), length, body, sum, png.subarray(behind)]);
}

/** The text that `withNote` has put into a PNG, or `null`. */
export function noteOf(png: Buffer): string | null {
  for (let at = signature; at + 12 <= png.length; ) {
    const length = png.readUInt32BE(at);
    const body = png.toString('latin1', at + 4, at + 8 + length);
    if (body.startsWith(`tEXt${keyword}\0`)) return body.slice(4 + keyword.length + 1);
    at += 12 + length;
  }
  return null;
}
