/** Values of the custom properties that everything drawn takes its colours from, on a light ground. */
export const lightColours = `--ground:#f4f6f8;--surface:#fff;--text:#17212b;--muted:#4f5c68;--line:#d3dae0;--strong-line:#7d8994;
--red:#b3261e;--red-ground:#fdeceb;--green:#17693a;--green-ground:#e6f4ea;--amber:#7d4b00;--amber-ground:#fff3dc;--hatch:#f5e0b8;
--link:#0b57b0;--code:#eef1f4;--shadow:0 1px 2px rgb(16 32 48/.06),0 4px 16px rgb(16 32 48/.05)`;

/** The same on a dark ground. */
export const darkColours = `--ground:#0e141a;--surface:#172029;--text:#e7edf2;--muted:#a5b2bd;--line:#2e3a45;
--strong-line:#6d7b87;--red:#ff9c93;--red-ground:#3b1b1a;--green:#79d69d;--green-ground:#123020;--amber:#f3bf62;--amber-ground:#33270f;
--hatch:#47381a;--link:#8cc0ff;--code:#0f171e;--shadow:none`;
