package io.chasqui.core.definition;

/**
 * Hears of changes of the definitions, in their order. Called under the locks that order them, by
 * whichever thread makes the change: it must take no lock and not wait.
 */
public interface DefinitionListener {

    /** Nobody. */
    DefinitionListener NONE =
            new DefinitionListener() {
                @Override
                public boolean isListening() {
                    return false;
                }

                @Override
                public void changed(DefinitionChange change, boolean replaces) {}
            };

    /** Whether it is worth telling. */
    boolean isListening();

    /**
     * A change has taken effect, or is about to.
     *
     * @param replaces whether there was something of that name before
     */
    void changed(DefinitionChange change, boolean replaces);
}
