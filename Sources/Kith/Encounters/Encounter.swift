/// Stub.
package struct Encounter: Named {
    package let id: ID
}
