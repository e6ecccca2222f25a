extension Simulation {
    /// The same world with as few incidents as still break the promise.
    ///
    /// - Parameter variant: as of `run`.
    package func shrunk(breaking promise: Promise, _ variant: Variant? = nil) -> Simulation {
        var smallest = self
        var size = (script.incidents.count + 1) / 2
        // Halves of the incidents first, then less and less.
        while size > 0 {
            var begin = 0
            var isSmaller = false
            while begin < smallest.script.incidents.count {
                var script = smallest.script
                script.incidents.removeSubrange(begin..<min(begin + size, script.incidents.count))
                let candidate = Simulation(script)
                if candidate.run(variant).violations.contains(where: { $0.promise == promise }) {
                    smallest = candidate
                    isSmaller = true
                } else {
                    begin += size
                }
            }
            if !isSmaller { size /= 2 }
        }
        return smallest
    }
}
