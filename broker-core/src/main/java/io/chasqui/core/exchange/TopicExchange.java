package io.chasqui.core.exchange;

import io.chasqui.core.definition.BindingDefinition;
import io.chasqui.core.definition.ExchangeDefinition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Routes by the words of the routing key (0-9-1 §3.1.3.3): words are separated by dots, {@code *}
 * in a binding's key stands for one word and {@code #} for any number of words, none included.
 *
 * <p>As in RabbitMQ the empty key has no words at all, so {@code #} matches it and {@code *} does
 * not, while {@code "."} has two empty words, which {@code *.*} matches. Unlike RabbitMQ 4.3.5 and
 * later a binding's key may have any number of {@code #}: {@link TopicTrie} does not slow down with
 * them.
 */
public final class TopicExchange implements Exchange {

    private final ExchangeDefinition definition;
    private final TopicTrie trie = new TopicTrie();

    TopicExchange(ExchangeDefinition definition) {
        this.definition = definition;
    }

    @Override
    public ExchangeDefinition definition() {
        return definition;
    }

    @Override
    public void route(RoutedMessage message, RouteSink sink) {
        for (String key : message.routingKeys()) {
            trie.forEachMatch(words(key), bindings -> bindings.addTo(sink));
        }
    }

    @Override
    public void bind(BindingDefinition binding, Destination destination) {
        trie.at(words(binding.routingKey())).add(binding, destination);
    }

    @Override
    public void unbind(BindingDefinition binding) {
        List<String> words = words(binding.routingKey());
        BindingSet bindings = trie.find(words);
        if (bindings != null) {
            bindings.remove(binding);
            trie.prune(words);
        }
    }

    @Override
    public boolean isBound(BindingDefinition binding) {
        BindingSet bindings = trie.find(words(binding.routingKey()));
        return bindings != null && bindings.contains(binding);
    }

    @Override
    public boolean hasBindings() {
        return !trie.isEmpty();
    }

    @Override
    public Collection<BindingDefinition> bindings() {
        List<BindingDefinition> all = new ArrayList<>();
        trie.forEach(bindings -> bindings.addTo(all));
        return all;
    }

    @Override
    public boolean routesByKeyAlone() {
        return true;
    }

    private static List<String> words(String key) {
        if (key.isEmpty()) {
            return List.of();
        }
        List<String> words = new ArrayList<>();
        int start = 0;
        for (int dot = key.indexOf('.'); dot >= 0; dot = key.indexOf('.', start)) {
            words.add(key.substring(start, dot));
            start = dot + 1;
        }
        words.add(key.substring(start));
        return words;
    }
}
