/// Stub.
package struct Supporter: Named {
    package let id: ID
}
