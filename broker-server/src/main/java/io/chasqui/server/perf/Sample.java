package io.chasqui.server.perf;

/**
 * What all workers had counted at a moment, or between two.
 *
 * @param nanos the moment, or the time between the two
 * @param brokerNanos processor time of the broker; 0 if nobody said which process it is
 * @param delivery from the sending of a message to its arrival at a consumer
 * @param confirm from the sending of a message to its confirm
 */
record Sample(
        long nanos,
        long brokerNanos,
        long sent,
        long confirmed,
        long nacked,
        long received,
        Latencies delivery,
        Latencies confirm) {

    static Sample at(long nanos) {
        return at(nanos, 0);
    }

    static Sample at(long nanos, long brokerNanos) {
        return new Sample(nanos, brokerNanos, 0, 0, 0, 0, Latencies.NONE, Latencies.NONE);
    }

    Sample plusPublisher(long sent, long confirmed, long nacked, Latencies confirm) {
        return new Sample(
                nanos,
                brokerNanos,
                this.sent + sent,
                this.confirmed + confirmed,
                this.nacked + nacked,
                received,
                delivery,
                this.confirm.plus(confirm));
    }

    Sample plusConsumer(long received, Latencies delivery) {
        return new Sample(
                nanos,
                brokerNanos,
                sent,
                confirmed,
                nacked,
                this.received + received,
                this.delivery.plus(delivery),
                confirm);
    }

    Sample since(Sample earlier) {
        return new Sample(
                nanos - earlier.nanos,
                brokerNanos - earlier.brokerNanos,
                sent - earlier.sent,
                confirmed - earlier.confirmed,
                nacked - earlier.nacked,
                received - earlier.received,
                delivery.minus(earlier.delivery),
                confirm.minus(earlier.confirm));
    }

    /** Processor time of the broker for each message sent, in microseconds. */
    double brokerMicrosPerMessage() {
        return sent == 0 ? 0 : brokerNanos / 1e3 / sent;
    }

    double perSecond(long count) {
        return nanos == 0 ? 0 : count * 1e9 / nanos;
    }
}
