package io.chasqui.core.definition;

/**
 * Where changes of durable definitions go before they take effect. Today the commit log of this
 * node; a replicated log can stand behind the same method.
 */
public interface MetadataStore {

    /**
     * Appends the change. Called under the lock of the virtual host, in the order in which the
     * changes take effect; must not wait for the disk.
     *
     * @return the log position that must be durable before a client hears of the change, ever
     *     rising; 0 if there is nothing to wait for
     */
    long record(DefinitionChange change);
}
