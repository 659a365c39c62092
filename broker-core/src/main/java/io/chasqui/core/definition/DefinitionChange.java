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

    /** The virtual host it happens in. */
    String vhost();

    record VirtualHostAdded(String vhost) implements DefinitionChange {}

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
}
