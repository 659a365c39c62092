package io.chasqui.core.security;

import io.chasqui.core.definition.Resource;

/**
 * What whoever asks may do. Each check returns, or throws {@link
 * io.chasqui.core.refusal.Refusal.AccessRefused} in RabbitMQ's words.
 */
public interface Access {

    /** The broker itself may do everything. */
    Access UNRESTRICTED =
            new Access() {
                @Override
                public void checkConfigure(Resource resource) {}

                @Override
                public void checkWrite(Resource resource) {}

                @Override
                public void checkRead(Resource resource) {}

                @Override
                public void checkAny(Resource resource) {}

                @Override
                public void checkTopicWrite(Resource exchange, String routingKey) {}

                @Override
                public void checkTopicRead(Resource exchange, String routingKey) {}

                @Override
                public void checkUserId(String claimed) {}
            };

    /** To declare and delete. */
    void checkConfigure(Resource resource);

    /** To publish to an exchange, and to bind to either. */
    void checkWrite(Resource resource);

    /** To consume from a queue, and to bind from an exchange. */
    void checkRead(Resource resource);

    /** To ask whether it is there: whoever may do anything with it may. */
    void checkAny(Resource resource);

    /** To publish to a topic exchange under the key. */
    void checkTopicWrite(Resource exchange, String routingKey);

    /** To bind from a topic exchange, or unbind, under the key. */
    void checkTopicRead(Resource exchange, String routingKey);

    /**
     * To say of a message that it is this user's.
     *
     * @throws io.chasqui.core.refusal.Refusal.PreconditionFailed if not, in RabbitMQ's words
     */
    void checkUserId(String claimed);
}
