package io.chasqui.core.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chasqui.core.boot.CoreFixture.Client;
import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.TopicPermissionDefinition;
import io.chasqui.core.policy.Limit;
import io.chasqui.core.refusal.Refusal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits and topic permissions at the front door, now and after a restart. */
class LimitsAndTopicsTest {

    @TempDir private Path directory;

    private CoreFixture fixture;

    @BeforeEach
    void open() throws IOException {
        fixture = new CoreFixture(directory, 1);
    }

    @AfterEach
    void close() throws IOException {
        fixture.close();
    }

    private void reopen() throws IOException {
        fixture.close();
        fixture = new CoreFixture(directory, 1);
    }

    private static void refused(Class<? extends Refusal> kind, String text, ThrowingCallable call) {
        assertThatThrownBy(call).rootCause().isInstanceOf(kind).hasMessage(text);
    }

    private void notAllowed(String text) {
        assertThatThrownBy(() -> fixture.client(0))
                .isInstanceOf(Refusal.NotAllowed.class)
                .hasMessage(text);
    }

    @Test
    void a_virtual_host_may_bound_its_connections() throws IOException {
        fixture.broker.vhosts().existing("/").parameters().setLimit("max-connections", 1);
        reopen();
        Client first = fixture.client(0);
        notAllowed("access to vhost '/' refused for user 'guest': connection limit (1) is reached");
        first.session().close();
        fixture.client(0);
    }

    @Test
    void connections_and_channels_of_a_user_may_be_bounded() throws IOException {
        fixture.broker.administration().userLimits().set("guest", "max-connections", 1);
        fixture.broker.administration().userLimits().set("guest", "max-channels", 1);
        reopen();
        Client first = fixture.client(0);
        notAllowed("connection refused for user 'guest': user connection limit (1) is reached");
        first.session().openChannel(1);
        assertThatThrownBy(() -> first.session().openChannel(1))
                .isInstanceOf(Refusal.NotAllowed.class)
                .hasMessage(
                        "number of channels opened for user 'guest' has reached the maximum allowed"
                                + " user limit of 1");
        first.session().closeChannel(1);
        first.session().openChannel(1);
        fixture.broker.administration().userLimits().clear("guest", "max-channels");
        first.session().openChannel(1);
        assertThat(Limit.MAX_CONNECTIONS.in(fixture.broker.accounts().limits("guest"))).hasValue(1);
    }

    @Test
    void limits_of_users_are_checked_with_rabbitmqs_texts() {
        assertThatThrownBy(() ->
                        fixture.broker
                                .administration()
                                .userLimits()
                                .set("guest", "max-channels", 1.5))
                .hasMessage("max-channels should be a number, actually was 1.5");
        assertThatThrownBy(() ->
                        fixture.broker.administration().userLimits().set("guest", "nosuch", 1))
                .hasMessage("Unrecognised terms [{<<\"nosuch\">>,1}] in user-limits");
    }

    private void allow(String write, String read) {
        fixture.broker
                .administration()
                .topicPermissions()
                .set("/", new TopicPermissionDefinition("guest", "amq.topic", write, read));
    }

    @Test
    void topics_are_checked_on_publish_and_on_bind() throws IOException {
        allow("^(w|{username}|x{vhost}|{client_id})$", "^b");
        reopen();
        Client client = fixture.client(0);
        client.declare("q", true);
        client.publish("amq.topic", "w", false, "m");
        client.publish("amq.topic", "guest", false, "m");
        client.publish("amq.topic", "x/", false, "m");
        client.publish("amq.topic", "{client_id}", false, "m");
        client.publish("amq.direct", "any", false, "m");
        refused(
                Refusal.AccessRefused.class,
                "write access to topic 'other' in exchange 'amq.topic' in vhost '/' refused for"
                        + " user 'guest'",
                () -> client.publish("amq.topic", "other", false, "m"));
        client.bind("q", "amq.topic", "b.c");
        client.bind("q", "amq.direct", "any");
        refused(
                Refusal.AccessRefused.class,
                "read access to topic 'c' in exchange 'amq.topic' in vhost '/' refused for user"
                        + " 'guest'",
                () -> client.bind("q", "amq.topic", "c"));
        assertThatThrownBy(() ->
                        client.session()
                                .exchanges()
                                .unbindQueue("q", "amq.topic", "c", Arguments.EMPTY, () -> {}))
                .isInstanceOf(Refusal.AccessRefused.class);
    }

    @Test
    void a_topic_that_is_taken_away_is_refused_at_once_though_its_route_was_known() {
        Client client = fixture.client(0);
        client.publish("amq.topic", "k", false, "m");
        allow("^w$", ".*");
        refused(
                Refusal.AccessRefused.class,
                "write access to topic 'k' in exchange 'amq.topic' in vhost '/' refused for user"
                        + " 'guest'",
                () -> client.publish("amq.topic", "k", false, "m"));
        fixture.broker.administration().topicPermissions().clear("/", "guest");
        client.publish("amq.topic", "k", false, "m");
    }

    @Test
    void the_empty_expression_allows_the_empty_key_only() {
        allow("", "");
        Client client = fixture.client(0);
        client.publish("amq.topic", "", false, "m");
        refused(
                Refusal.AccessRefused.class,
                "write access to topic 'w' in exchange 'amq.topic' in vhost '/' refused for user"
                        + " 'guest'",
                () -> client.publish("amq.topic", "w", false, "m"));
    }

    @Test
    void an_exchange_must_be_there_to_restrict_its_topics() {
        assertThatThrownBy(() ->
                        fixture.broker
                                .administration()
                                .topicPermissions()
                                .set(
                                        "/",
                                        new TopicPermissionDefinition("guest", "nosuch", "a", "b")))
                .isInstanceOf(Refusal.PreconditionFailed.class)
                .hasMessage("no exchange 'nosuch' in vhost '/'");
    }

    @Test
    void global_parameters_survive() throws IOException {
        fixture.broker.administration().globalParameters().set("name", "value");
        fixture.broker.administration().globalParameters().set("other", 1);
        fixture.broker.administration().globalParameters().clear("other");
        reopen();
        assertThat(
                        Objects.requireNonNull(
                                        fixture.broker
                                                .administration()
                                                .globalParameters()
                                                .find("name"))
                                .value())
                .isEqualTo("value");
        assertThat(fixture.broker.administration().globalParameters().find("other")).isNull();
    }
}
