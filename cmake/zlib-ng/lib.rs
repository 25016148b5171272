// Empty: only the dependency is wanted.
