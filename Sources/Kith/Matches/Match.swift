/// Stub.
package struct Match: Named {
    package let id: ID
}
