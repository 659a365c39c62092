package io.chasqui.server.definitions;

import io.chasqui.core.boot.Broker;
import io.chasqui.core.definition.PermissionDefinition;
import io.chasqui.core.definition.TopicPermissionDefinition;
import io.chasqui.core.definition.UserDefinition;
import io.chasqui.core.definition.VirtualHostDescription;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.security.Permission;
import io.chasqui.core.vhost.VirtualHost;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes what a definitions file of RabbitMQ's, or of ours, defines. Done twice it changes nothing the
 * second time. Users, permissions, policies and parameters become as the file has them; exchanges and
 * queues that are there stay as they are, as in RabbitMQ; nothing is taken away.
 *
 * <p>It ends with the first thing that is refused; what came before stays.
 */
public final class DefinitionImport {

    private final Broker broker;
    private final @Nullable VirtualHost into;

    /** Log position that must be durable before anybody is told. */
    private long position;

    private DefinitionImport(Broker broker, @Nullable VirtualHost into) {
        this.broker = broker;
        this.into = into;
    }

    /**
     * Imports a file of a whole broker.
     *
     * @return the log position that must be durable before anybody is told
     * @throws Refusal saying what could not be made, and why
     */
    public static long all(Broker broker, Map<String, ?> document) {
        return new DefinitionImport(broker, null).run(document);
    }

    /** Imports what is in virtual hosts, whichever it was, into this one; see {@link #all}. */
    public static long into(Broker broker, VirtualHost vhost, Map<String, ?> document) {
        return new DefinitionImport(broker, vhost).run(document);
    }

    private long run(Map<String, ?> document) {
        if (into == null) {
            each(document, "users", "user", this::user);
            each(document, "vhosts", "virtual host", this::vhost);
            each(document, "permissions", "permission", this::permission);
            each(document, "topic_permissions", "topic permission", this::topicPermission);
            each(document, "global_parameters", "global parameter", this::globalParameter);
        } else if (document.get("metadata") instanceof Map<?, ?> metadata) {
            describe(into.name(), new Fields("virtual host", metadata));
        }
        each(document, "parameters", "parameter", in(VirtualHostImport::parameter));
        each(document, "policies", "policy", in(VirtualHostImport::policy));
        each(document, "exchanges", "exchange", in(VirtualHostImport::exchange));
        each(document, "queues", "queue", in(VirtualHostImport::queue));
        each(document, "bindings", "binding", in(VirtualHostImport::binding));
        return position;
    }

    private static void each(
            Map<String, ?> document, String list, String what, Consumer<Fields> make) {
        switch (document.get(list)) {
            case null -> {}
            case List<?> entries -> {
                for (Object entry : entries) {
                    if (!(entry instanceof Map<?, ?> object)) {
                        throw new Refusal.PreconditionFailed("a " + what + " is no object");
                    }
                    make.accept(new Fields(what, object));
                }
            }
            case Object _ -> throw new Refusal.PreconditionFailed("'" + list + "' is no list");
        }
    }

    private interface Part {
        long make(VirtualHostImport in, Fields fields);
    }

    private Consumer<Fields> in(Part part) {
        return fields -> done(part.make(new VirtualHostImport(vhostOf(fields)), fields));
    }

    private void done(long at) {
        position = Math.max(position, at);
    }

    // -- the whole broker

    private void user(Fields fields) {
        UserDefinition user = UserFields.read(fields, broker.passwords()::hash);
        if (!user.equals(broker.accounts().user(user.name()))) {
            done(broker.administration().putUser(user));
        }
        done(broker.administration().userLimits().setAll(user.name(), fields.table("limits")));
    }

    private void vhost(Fields fields) {
        String name = fields.text("name");
        done(broker.administration().addVirtualHost(name));
        describe(
                name,
                fields.get("metadata") instanceof Map<?, ?> metadata
                        ? new Fields("virtual host", metadata)
                        : fields);
    }

    private void describe(String vhost, Fields metadata) {
        String type = metadata.text("default_queue_type", "");
        VirtualHostDescription description =
                new VirtualHostDescription(
                        metadata.text("description", ""),
                        UserFields.tags(metadata),
                        type.equals("undefined") ? "" : type,
                        metadata.flag("protected_from_deletion", false));
        done(broker.administration().describeVirtualHost(vhost, description));
    }

    private void permission(Fields fields) {
        String vhost = vhostOf(fields).name();
        PermissionDefinition permission =
                new PermissionDefinition(
                        fields.text("user"),
                        fields.text("configure"),
                        fields.text("write"),
                        fields.text("read"));
        Permission known = broker.accounts().permission(permission.user(), vhost);
        if (known == null || !known.definition().equals(permission)) {
            done(broker.administration().setPermission(vhost, permission));
        }
    }

    private void topicPermission(Fields fields) {
        String vhost = vhostOf(fields).name();
        TopicPermissionDefinition permission =
                new TopicPermissionDefinition(
                        fields.text("user"),
                        fields.text("exchange"),
                        fields.text("write"),
                        fields.text("read"));
        if (!broker.accounts().topicPermissions().in(vhost).contains(permission)) {
            done(broker.administration().topicPermissions().setAhead(vhost, permission).position());
        }
    }

    private void globalParameter(Fields fields) {
        done(
                broker.administration()
                        .globalParameters()
                        .set(fields.text("name"), JsonValues.plain(fields.get("value")))
                        .position());
    }

    private VirtualHost vhostOf(Fields fields) {
        if (into != null) {
            return into;
        }
        String name = fields.text("vhost");
        VirtualHost vhost = broker.vhosts().find(name);
        if (vhost == null) {
            throw new Refusal.PreconditionFailed(
                    "Please create virtual host \"" + name + "\" prior to importing definitions.");
        }
        return vhost;
    }
}
