/// Each role's first screen.
package enum Home {
    package static let feature = Feature(name: "Home")
}
