package io.chasqui.core.exchange;

import io.chasqui.core.definition.BindingDefinition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Bindings by the words of their keys. */
final class TopicBindings implements Bindings {

    private final TopicTrie trie = new TopicTrie();

    /** Tells the destinations of the bindings that a message's key matches. */
    void addMatchesTo(RouteSink sink, String key) {
        trie.forEachMatch(words(key), bindings -> bindings.addTo(sink));
    }

    @Override
    public void add(BindingDefinition binding, Destination destination) {
        trie.at(words(binding.routingKey())).add(binding, destination);
    }

    @Override
    public void remove(BindingDefinition binding) {
        List<String> words = words(binding.routingKey());
        BindingSet bindings = trie.find(words);
        if (bindings != null) {
            bindings.remove(binding);
            trie.prune(words);
        }
    }

    @Override
    public boolean contains(BindingDefinition binding) {
        BindingSet bindings = trie.find(words(binding.routingKey()));
        return bindings != null && bindings.contains(binding);
    }

    @Override
    public boolean isEmpty() {
        return trie.isEmpty();
    }

    @Override
    public Collection<BindingDefinition> all() {
        List<BindingDefinition> all = new ArrayList<>();
        trie.forEach(bindings -> all.addAll(bindings.all()));
        return all;
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
