// Loads a bundle of the function and answers each event that the parent process sends, at the time that it says it is.
let offset = 0;
const Real = Date;
globalThis.Date = class extends Real {
  constructor(...parts) {
    super(...(parts.length > 0 ? parts : [Real.now() + offset]));
  }
  static now() {
    return Real.now() + offset;
  }
};

const { handler } = require(process.argv[2]);

process.on('message', async ({ event, later, timeout }) => {
  offset = later;
  const end = Real.now() + timeout;
  const context = { getRemainingTimeInMillis: () => Math.max(0, end - Real.now()) };
  process.send(
    await handler(event, context).then(
      (result) => ({ result }),
      (error) => ({ error: error.message }),
    ),
  );
});
process.send('ready');
