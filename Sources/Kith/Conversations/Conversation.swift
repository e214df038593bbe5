/// Stub.
package struct Conversation: Named {
    package let id: ID
}
