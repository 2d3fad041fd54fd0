// Loads a bundle of the function and answers each event that the parent process sends.
const { handler } = require(process.argv[2]);

process.on('message', async (event) => {
  const context = { getRemainingTimeInMillis: () => 60_000 };
  process.send(
    await handler(event, context).then(
      (result) => ({ result }),
      (error) => ({ error: error.message }),
    ),
  );
});
process.send('ready');
