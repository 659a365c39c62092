package io.chasqui.core.definition;

/**
 * One step from a state of the definitions to the next. A change is a fact: it has been decided,
 * so replaying it checks nothing. Two things follow from another and are not changes of their own:
 * the bindings of a deleted queue or exchange go with it (0-9-1 §3.1.5).
 *
 * <p>The deletion of an auto-delete exchange is a change of its own, because it depends on
 * transient bindings too, of which a replay after a restart knows nothing.
 */
public sealed interface DefinitionChange {

    /** The virtual host it happens in; empty for a change of the whole broker. */
    String vhost();

    record VirtualHostAdded(String vhost) implements DefinitionChange {}

    /** What is told of the virtual host is now this. */
    record VirtualHostDescribed(String vhost, VirtualHostDescription description)
            implements DefinitionChange {}

    record VirtualHostDeleted(String vhost) implements DefinitionChange {}

    record ExchangeDeclared(String vhost, ExchangeDefinition exchange)
            implements DefinitionChange {}

    record ExchangeDeleted(String vhost, String exchange) implements DefinitionChange {}

    record QueueDeclared(String vhost, QueueDefinition queue) implements DefinitionChange {}

    /**
     * @param id of the queue meant, which protects a newer one of the same name
     */
    record QueueDeleted(String vhost, String queue, long id) implements DefinitionChange {}

    record BindingAdded(String vhost, BindingDefinition binding) implements DefinitionChange {}

    record BindingRemoved(String vhost, BindingDefinition binding) implements DefinitionChange {}

    /** Who may come in, and what they may do there. */
    sealed interface OfAccess extends DefinitionChange {}

    /** The user is now so, whether there was one of that name or not. */
    record UserPut(UserDefinition user) implements OfAccess {
        @Override
        public String vhost() {
            return "";
        }
    }

    /** The user is gone, with all permissions. */
    record UserDeleted(String user) implements OfAccess {
        @Override
        public String vhost() {
            return "";
        }
    }

    /** What the user may do in the virtual host is now this. */
    record PermissionSet(String vhost, PermissionDefinition permission) implements OfAccess {}

    record PermissionCleared(String vhost, String user) implements OfAccess {}

    /** Under which routing keys the user may use the topic exchange is now this. */
    record TopicPermissionSet(String vhost, TopicPermissionDefinition permission)
            implements OfAccess {}

    record TopicPermissionCleared(String vhost, String user, String exchange) implements OfAccess {}

    /**
     * How much the user may use at once is now this.
     *
     * @param limits by RabbitMQ's names; those that are not in it do not bound
     */
    record UserLimitsSet(String user, Arguments limits) implements OfAccess {
        @Override
        public String vhost() {
            return "";
        }
    }

    /** What queues and exchanges are like beyond their arguments. */
    sealed interface OfPolicy extends DefinitionChange {}

    /** The policy is now so, whether there was one of that name or not. */
    record PolicySet(String vhost, PolicyDefinition policy) implements OfPolicy {}

    record PolicyCleared(String vhost, PolicyKind kind, String policy) implements OfPolicy {}

    /** A parameter of the virtual host, or, if that is empty, of the whole broker. */
    sealed interface OfParameter extends DefinitionChange {}

    /** The parameter is now so, whether there was one of that name or not. */
    record ParameterSet(String vhost, ParameterDefinition parameter) implements OfParameter {}

    record ParameterCleared(String vhost, String component, String parameter)
            implements OfParameter {}
}
