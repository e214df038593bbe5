// swift-tools-version:6.2
import PackageDescription

// Apart from the product, because everything here, dependencies too, is built with libFuzzer; `scripts/fuzz` does that.
let package = Package(
    name: "kith-fuzz",
    dependencies: [
        // Named by where it stands, since a folder may be called anything, `fuzz` too.
        .package(name: "kith", path: Context.environment["KITH_FUZZ_PARENT"] ?? "..")
    ],
    targets: [
        .executableTarget(
            name: "KithFuzz",
            dependencies: [.product(name: "FuzzTargets", package: "kith")],
            // libFuzzer brings the main function.
            swiftSettings: [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error), .unsafeFlags(["-parse-as-library"])]
        )
    ]
)
