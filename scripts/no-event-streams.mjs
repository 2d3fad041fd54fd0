// Stands in for @smithy/core/event-streams: no call of ours streams events, and the SDK asks for this only when one does.
export class EventStreamSerde {
  constructor() {
    throw new Error('event streams are left out of this bundle: see scripts/bundle.mjs');
  }
}
export const eventStreamSerdeProvider = () => new EventStreamSerde();
