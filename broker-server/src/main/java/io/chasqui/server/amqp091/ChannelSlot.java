package io.chasqui.server.amqp091;

/**
 * What a channel number stands for, beyond nothing: an open channel, or one whose client has still
 * to answer that we closed it.
 */
sealed interface ChannelSlot permits AmqpChannel, ChannelSlot.AwaitingCloseOk {

    /** channel.close is sent; all but its answer is ignored (0-9-1 §1.5.2.5). */
    record AwaitingCloseOk() implements ChannelSlot {
        static final AwaitingCloseOk INSTANCE = new AwaitingCloseOk();
    }
}
